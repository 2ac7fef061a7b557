import Config
import_config "logging.exs"
import_config "printing.exs"
