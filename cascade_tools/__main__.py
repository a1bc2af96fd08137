"""``python -m cascade_tools`` is the ``cascade`` command."""

from cascade_tools.cli import main

main()
