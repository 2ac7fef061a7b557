defmodule BoardWeb.WardHTML do
  use BoardWeb, :html

  embed_templates "ward_html/*"
end
