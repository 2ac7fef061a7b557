class OrdersController < ApplicationController
  def index
    render "orders/index"
  end

  def show
    render "orders/show", layout: "layouts/wide"
  end

  def edit
    render partial: "orders/form"
  end
end
