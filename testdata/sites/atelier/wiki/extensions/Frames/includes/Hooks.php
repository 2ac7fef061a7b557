<?php namespace Frames; class Hooks {}
