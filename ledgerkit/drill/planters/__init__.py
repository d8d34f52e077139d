"""The planters: one small function a fault, by family; `packs.py` has them all in one tuple."""
