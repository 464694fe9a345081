# Two proportions in base R. Run: Rscript comparison.R OUTDIR
# Writes comparison.csv: case (a_n_b_m), quantity, value.
out_dir <- commandArgs(trailingOnly = TRUE)[1]

tables <- list(c(17, 19, 11, 21), c(17, 19, 102, 233), c(36, 40, 16, 80), c(3, 9, 4, 7),
               c(56, 70, 48, 80))

wilson <- function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int

newcombe <- function(a, n, b, m) {
  first <- wilson(a, n); second <- wilson(b, m); d <- a / n - b / m
  c(d - sqrt((a / n - first[1])^2 + (second[2] - b / m)^2),
    d + sqrt((first[2] - a / n)^2 + (b / m - second[1])^2))
}

# Koopman: invert the score test; the restricted estimate is found numerically, not by formula.
koopman <- function(a, n, b, m) {
  score <- function(ratio) {
    loglik <- function(q) {
      p <- ratio * q
      dbinom(a, n, min(p, 1), log = TRUE) + dbinom(b, m, q, log = TRUE)
    }
    q <- optimize(loglik, c(1e-9, min(1, 1 / ratio) - 1e-9), maximum = TRUE, tol = 1e-12)$maximum
    p <- ratio * q
    (a / n - ratio * b / m) / sqrt(p * (1 - p) / n + ratio^2 * q * (1 - q) / m)
  }
  estimate <- (a / n) / (b / m); z <- qnorm(.975)
  c(uniroot(function(r) score(r) - z, c(estimate / 20, estimate), tol = 1e-11)$root,
    uniroot(function(r) score(r) + z, c(estimate, estimate * 20), tol = 1e-11)$root)
}

# Exact unconditional tests by brute force over the common proportion.
unconditional <- function(extreme, n, m) {
  at <- function(p) sum(outer(dbinom(0:n, n, p), dbinom(0:m, m, p))[extreme])
  grid <- seq(0.002, 0.998, by = 0.002)
  values <- sapply(grid, at)
  # refine around every grid point that comes close to the largest value
  best <- max(values)
  for (g in grid[values > 0.98 * best])
    best <- max(best, optimize(at, c(g - 0.002, g + 0.002), maximum = TRUE, tol = 1e-10)$objective)
  best
}

barnard <- function(a, n, b, m) {
  z <- outer(0:n, 0:m, function(x, y) {
    p <- (x + y) / (n + m)
    s <- sqrt(p * (1 - p) * (1 / n + 1 / m))
    ifelse(s == 0, 0, (x / n - y / m) / s)
  })
  unconditional(abs(z) >= abs(z[a + 1, b + 1]) - 1e-9, n, m)
}

boschloo <- function(a, n, b, m) {
  side <- function(lower) {
    p <- outer(0:n, 0:m, Vectorize(function(x, y)
      if (lower) phyper(x, n, m, x + y) else phyper(x - 1, n, m, x + y, lower.tail = FALSE)))
    unconditional(p <= p[a + 1, b + 1] * (1 + 1e-9), n, m)
  }
  min(1, 2 * min(side(TRUE), side(FALSE)))
}

randomization <- function(a, n, b, m) {
  k <- a + b; x <- max(0, k - m):min(n, k)
  d <- x / n - (k - x) / m
  sum(dhyper(x, n, m, k)[abs(d) >= abs(a / n - b / m) - 1e-9])
}

rows <- list()
for (t in tables) {
  a <- t[1]; n <- t[2]; b <- t[3]; m <- t[4]
  y1 <- rep(1:0, c(a, n - a)); y2 <- rep(1:0, c(b, m - b))
  table <- matrix(c(a, n - a, b, m - b), 2)
  z <- suppressWarnings(prop.test(c(a, b), c(n, m), correct = FALSE))
  fisher <- fisher.test(table)
  nc <- newcombe(a, n, b, m); ko <- koopman(a, n, b, m)
  values <- c(
    pooled_t = t.test(y1, y2, var.equal = TRUE)$p.value,
    pooled_t_greater = t.test(y1, y2, var.equal = TRUE, alternative = "greater")$p.value,
    welch = t.test(y1, y2)$p.value,
    welch_statistic = unname(t.test(y1, y2)$statistic),
    z = z$p.value,
    z_less = suppressWarnings(prop.test(c(a, b), c(n, m), correct = FALSE,
                                        alternative = "less"))$p.value,
    fisher = fisher$p.value,
    fisher_greater = fisher.test(table, alternative = "greater")$p.value,
    barnard = barnard(a, n, b, m),
    boschloo = boschloo(a, n, b, m),
    newcombe_low = nc[1], newcombe_high = nc[2],
    koopman_low = ko[1], koopman_high = ko[2],
    odds_low = fisher$conf.int[1], odds_high = fisher$conf.int[2],
    randomization = randomization(a, n, b, m)
  )
  rows[[length(rows) + 1]] <- data.frame(case = paste(t, collapse = "_"),
                                         quantity = names(values),
                                         value = sprintf("%.15g", values))
}
write.csv(do.call(rbind, rows), file.path(out_dir, "comparison.csv"), row.names = FALSE,
          quote = FALSE)
