#include "balance.h"
#include "../weights.h"
