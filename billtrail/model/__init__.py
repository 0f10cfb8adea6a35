"""The words of Billtrail as frozen values, one noun a file. Imports nothing but the standard library and pydantic."""
