"""What published reports would say now: the figures for who reads reports, the cases for staff."""
