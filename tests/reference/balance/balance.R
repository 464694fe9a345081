# Balance, weighting and matching in base R. Run: Rscript balance.R OUTDIR
# Data: R's infert. Treated: any induced abortion. Writes data.csv, balance.csv (method,
# quantity, value), weights.csv (one row a woman) and pairs.csv.
out_dir <- commandArgs(trailingOnly = TRUE)[1]
num <- function(x) sprintf("%.15g", x)
d <- infert[infert$parity < 6, ]
x <- as.matrix(d[c("age", "parity", "spontaneous")])
g <- as.numeric(d$induced > 0); y <- d$case
write.csv(data.frame(outcome = y, treated = g, x), file.path(out_dir, "data.csv"),
          row.names = FALSE, quote = FALSE)

rows <- list()
add <- function(method, values)
  rows[[length(rows) + 1]] <<- data.frame(method = method, quantity = names(values),
                                          value = num(values))
smd <- function(w, scale) apply(x, 2, function(v)
  (weighted.mean(v[g == 1], w[g == 1]) - weighted.mean(v[g == 0], w[g == 0])) / scale(v))
att_scale <- function(v) sd(v[g == 1])
ate_scale <- function(v) sqrt((var(v[g == 1]) + var(v[g == 0])) / 2)
effect <- function(w) {
  k <- w > 0; z <- cbind(1, g[k]); bread <- solve(crossprod(z, z * w[k]))
  b <- bread %*% crossprod(z, w[k] * y[k]); e <- drop(y[k] - z %*% b)
  v <- bread %*% crossprod(z * w[k] * e) %*% bread * sum(k) / (sum(k) - 2)
  c(estimate = b[2], std_error = sqrt(v[2, 2]))
}
named <- function(v) setNames(v, paste0("smd_", names(v)))

one <- rep(1, nrow(d))
add("observed", c(effect(one), named(smd(one, att_scale))))
add("observed_ate_scale", named(smd(one, ate_scale)))

model <- glm(g ~ x, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
p <- fitted(model)
att <- ifelse(g == 1, 1, p / (1 - p)); ate <- ifelse(g == 1, 1 / p, 1 / (1 - p))
add("ipw_att", c(effect(att), named(smd(att, att_scale))))
add("ipw_ate", c(effect(ate), named(smd(ate, ate_scale))))

# entropy balancing: minimize the dual with a general optimizer
z <- scale(x[g == 0, ], center = colMeans(x[g == 1, ]), scale = apply(x, 2, sd))
dual <- function(l) log(sum(exp(z %*% l)))
slope <- function(l) { w <- exp(z %*% l); drop(crossprod(z, w / sum(w))) }
best <- optim(rep(0, 3), dual, slope, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000))
w <- drop(exp(z %*% best$par)); entropy <- one; entropy[g == 0] <- w / sum(w) * sum(g)
add("entropy", effect(entropy))

# greedy matching, treated in order of falling score, caliper of 0.1 standard deviations
match <- function(replace) {
  order1 <- which(g == 1); order1 <- order1[order(-p[order1])]
  free <- g == 0; w <- numeric(length(g)); pairs <- NULL
  for (i in order1) {
    distance <- ifelse(free, abs(p - p[i]), Inf); j <- which.min(distance)
    if (distance[j] > 0.1 * sd(p)) next
    w[i] <- 1; w[j] <- w[j] + 1; pairs <- rbind(pairs, c(i, j))
    if (!replace) free[j] <- FALSE
  }
  list(w = w, pairs = pairs)
}
once <- match(FALSE); again <- match(TRUE)
add("matched", c(effect(once$w), pairs = nrow(once$pairs)))
add("matched_replace", c(effect(again$w), pairs = nrow(again$pairs)))
write.csv(do.call(rbind, rows), file.path(out_dir, "balance.csv"), row.names = FALSE, quote = FALSE)
write.csv(data.frame(score = num(p), att = num(att), ate = num(ate), entropy = num(entropy),
                     matched = once$w, matched_replace = again$w),
          file.path(out_dir, "weights.csv"), row.names = FALSE, quote = FALSE)
