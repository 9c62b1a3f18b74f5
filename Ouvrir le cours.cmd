@echo off
rem Ouvre le cours : double-cliquez sur ce fichier.
chcp 65001 >nul
cd /d "%~dp0"
where py >nul 2>nul
if not errorlevel 1 (
  py -3 ouvrir.py %*
  goto fin
)
where python >nul 2>nul
if not errorlevel 1 (
  python ouvrir.py %*
  goto fin
)
echo Il manque Python. Prenez-le sur python.org, cochez « Add Python to PATH » en l’installant, puis recommencez.
:fin
pause
