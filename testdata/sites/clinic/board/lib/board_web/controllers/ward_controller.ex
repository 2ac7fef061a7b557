defmodule BoardWeb.WardController do
  use BoardWeb, :controller

  def index(conn, _params), do: render(conn, :occupancy)

  def show(conn, _params) do
    conn |> assign(:beds, 12) |> render(:transfers)
  end

  def edit(conn, _params), do: render(conn, "rounds.html")
end
