"""``python -m reserves_gui.cli``."""

import sys

from reserves_gui.cli.main import main

sys.exit(main())
