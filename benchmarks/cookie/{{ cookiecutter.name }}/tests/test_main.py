def test_nothing() -> None:
    """Test nothing of {{ cookiecutter.name }}."""
