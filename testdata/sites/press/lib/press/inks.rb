require_relative "papers"
module Press
  class Inks; end
end
