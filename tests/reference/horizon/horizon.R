# Shares with the event by a horizon under censoring, two groups, with R's survival package:
# lost rows counted as event-free, left out, weighted by inverse probability of censoring, or
# read off a survival curve. Run: Rscript horizon.R OUTDIR
# Writes lung.csv (the data used) and horizon.csv (horizon, method, quantity, value).
suppressPackageStartupMessages(library(survival))
out_dir <- commandArgs(trailingOnly = TRUE)[1]
d <- with(lung, data.frame(time, event = status - 1, group = as.integer(sex == 2)))
write.csv(d, file.path(out_dir, "lung.csv"), row.names = FALSE, quote = FALSE)
rows <- list()
add <- function(horizon, method, quantity, value)
  rows[[length(rows) + 1]] <<- data.frame(horizon = horizon, method = method,
    quantity = quantity, value = sprintf("%.12g", value))

# Sandwich (HC0) of a weighted linear model, written out.
sandwich <- function(y, g, w) {
  x <- cbind(1, g)
  bread <- solve(t(x) %*% (w * x))
  beta <- bread %*% (t(x) %*% (w * y))
  e <- as.vector(y - x %*% beta)
  c(beta, sqrt(diag(bread %*% (t(x) %*% ((w * e)^2 * x)) %*% bread))[2])
}

censoring <- survfit(Surv(time, 1 - event) ~ 1, d)
left_limit <- function(when) {
  before <- findInterval(when, censoring$time, left.open = TRUE)
  c(1, censoring$surv)[before + 1]
}
for (h in c(120, 240, 365, 600)) {
  lost <- d$event == 0 & d$time < h
  y <- as.numeric(d$event == 1 & d$time <= h)
  weight <- 1 / left_limit(pmin(d$time, h))
  models <- list(held = sandwich(y, d$group, rep(1, nrow(d))),
    exclude = sandwich(y[!lost], d$group[!lost], rep(1, sum(!lost))),
    weight = sandwich(y[!lost], d$group[!lost], weight[!lost]))
  for (method in names(models)) {
    add(h, method, "outside", models[[method]][1])
    add(h, method, "difference", models[[method]][2])
    add(h, method, "std_error", models[[method]][3])
  }
  s <- summary(survfit(Surv(time, event) ~ group, d), times = h)
  add(h, "curve", "outside", 1 - s$surv[1])
  add(h, "curve", "difference", s$surv[1] - s$surv[2])
  add(h, "curve", "std_error", sqrt(sum(s$std.err^2)))
}
write.csv(do.call(rbind, rows), file.path(out_dir, "horizon.csv"), row.names = FALSE, quote = FALSE)
