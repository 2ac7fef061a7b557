module Press
  class Rollers; end
end
