defmodule Office.MixProject do
  use Mix.Project
  def project, do: [app: :office, version: "0.1.0"]
end
