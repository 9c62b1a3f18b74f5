"""Documents that leave the course as Word, Excel or paper, and what people filled in there coming back."""
