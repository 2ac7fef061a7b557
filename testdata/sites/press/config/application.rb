require_relative "boot"
require_relative "../lib/press/presses"
require_relative "../lib/press/papers"
