"""JupyterLab as a trainee or an instructor finds it: extension, settings, workbook folder, `course open`."""
