require_relative "application"
