"""The one module of {{ cookiecutter.name }}."""
