class ProofsController < ApplicationController
  def index
    render "proofs/index"
  end

  def show
    render template: "proofs/picture"
  end
end
