# Survival curves, log-rank tests, restricted means and Turnbull's estimate with R's survival
# package. Run: Rscript curves.R OUTDIR
# Writes the data sets used, curves.csv (data, model, group, quantity, time, value).
suppressPackageStartupMessages(library(survival))
out_dir <- commandArgs(trailingOnly = TRUE)[1]
rows <- list()
add <- function(data, model, group, quantity, time, value)
  rows[[length(rows) + 1]] <<- data.frame(data = data, model = model, group = group,
    quantity = quantity, time = time, value = sprintf("%.12g", value))

# Freireich et al. 1963: remission in weeks (6-MP against placebo)
freireich <- data.frame(
  time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
           1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
  event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, rep(1, 21)),
  entry = 0, weight = 1, group = rep(0:1, each = 21), stratum = rep(0:1, 21))
v <- with(veteran, data.frame(time, event = status, entry = 0, weight = 1,
  group = as.integer(celltype), stratum = trt))
# lung with delayed entry and case weights: both fixed functions of the row
l <- with(lung, data.frame(time, event = status - 1, entry = (seq_along(time) %% 5) / 8 * time,
  weight = 1 + seq_along(time) %% 3, group = sex, stratum = 1 * (age > 62)))
sets <- list(freireich = freireich, veteran = v, lung = l)
for (name in names(sets))
  write.csv(sets[[name]], file.path(out_dir, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)

# Curves: every kind of interval; delayed entry, weights, a later start
for (name in names(sets)) for (g in unique(sets[[name]]$group)) {
  d <- sets[[name]][sets[[name]]$group == g, ]
  kinds <- list(plain = Surv(time, event) ~ 1)
  if (name == "lung") kinds$entry <- Surv(entry, time, event) ~ 1
  for (kind in names(kinds)) for (w in if (kind == "entry") 0:1 else 0) {
    model <- if (w) paste(kind, "weighted") else kind
    d$w <- if (w) d$weight else 1
    for (type in c("log-log", "log", "plain")) {
      f <- survfit(kinds[[kind]], d, weights = w, conf.type = type)
      add(name, model, g, paste(type, "lower"), f$time, f$lower)
      add(name, model, g, paste(type, "upper"), f$time, f$upper)
    }
    add(name, model, g, "survival", f$time, f$surv)
    add(name, model, g, "std_error", f$time, summary(f, censored = TRUE)$std.err)
    add(name, model, g, "at_risk", f$time, f$n.risk)
    taus <- list(freireich = c(10, 23), veteran = c(100, 180), lung = c(180, 365.25))[[name]]
    for (tau in taus) {
      m <- summary(f, rmean = tau)$table
      add(name, model, g, c("rmean", "rmean std_error"), tau, m[c("rmean", "se(rmean)")])
    }
  }
  if (name == "lung") {
    f <- survfit(kinds$entry, d[d$time > 100, ], start.time = 100, conf.type = "log-log")
    add(name, "start 100", g, "survival", f$time, f$surv)
  }
}

# Under delayed entry everybody at risk leaves at 2, before the others come in
emptied <- data.frame(entry = c(0, 0, 3, 4), time = c(1, 2, 6, 8), event = 1)
f <- survfit(Surv(entry, time, event) ~ 1, emptied)
add("emptied", "entry", 0, "survival", f$time, f$surv)
f <- survfit(Surv(entry, time, event) ~ 1, emptied[emptied$time > 3, ], start.time = 3)
add("emptied", "start 3", 0, "survival", f$time, f$surv)

# Two restricted means against each other: normal interval of the difference, log interval of
# the ratio by the delta method, from what survfit prints
for (tau in c(10, 23)) {
  m <- summary(survfit(Surv(time, event) ~ group, freireich), rmean = tau)$table
  a <- m[, "rmean"]; s <- m[, "se(rmean)"]; q <- c(0, -1, 1) * qnorm(0.975)
  add("freireich", "second against first", "all", "difference", tau,
      a[2] - a[1] + q * sqrt(sum(s^2)))
  add("freireich", "second against first", "all", "ratio", tau,
      exp(log(a[2] / a[1]) + q * sqrt(sum((s / a)^2))))
}

# Log-rank tests by survdiff (rho is Harrington and Fleming's), plain and stratified
for (name in names(sets)) for (rho in c(0, 0.5, 1)) for (strat in 0:1) {
  d <- sets[[name]]
  f <- if (strat) Surv(time, event) ~ group + strata(stratum) else Surv(time, event) ~ group
  s <- survdiff(f, d, rho = rho)
  model <- paste("rho", rho, if (strat) "stratified" else "plain")
  sum_rows <- function(x) if (is.matrix(x)) rowSums(x) else x
  add(name, model, "all", "chi2", 0, s$chisq)
  add(name, model, sort(unique(d$group)), "observed", 0, sum_rows(s$obs))
  add(name, model, sort(unique(d$group)), "expected", 0, sum_rows(s$exp))
  add(name, model, sort(unique(d$group)), "variance", 0, diag(s$var))
}
# survdiff takes no delayed entry. Where events do not tie, the score test of the Cox model is
# the log-rank test; the entries are kept, and ties are broken by a fixed small amount.
d <- transform(l, time = time + seq_along(time) / 1000)
for (strat in 0:1) {
  f <- if (strat) Surv(entry, time, event) ~ factor(group) + strata(stratum) else
    Surv(entry, time, event) ~ factor(group)
  add("lung", paste("score", if (strat) "stratified" else "plain"), "all", "chi2", 0,
      coxph(f, d)$score)
}
# The weighted tests with delayed entry, written out event time by event time
for (kind in c("log-rank", "gehan-breslow", "tarone-ware", "peto-peto", "fleming-harrington 0.5 2")) {
  for (late in 0:1) {
    d <- l
    if (!late) d$entry <- -1
    groups <- sort(unique(d$group)); u <- 0; v <- 0; s <- 1
    for (when in sort(unique(d$time[d$event == 1]))) {
      in_set <- d$entry < when & d$time >= when
      now <- d$event == 1 & d$time == when
      n <- sum(in_set); e <- sum(now); p <- mean(d$group[in_set] == groups[1])
      k <- switch(kind, "log-rank" = 1, "gehan-breslow" = n, "tarone-ware" = sqrt(n),
                  "peto-peto" = s, "fleming-harrington 0.5 2" = s^0.5 * (1 - s)^2)
      u <- u + k * (sum(now & d$group == groups[1]) - e * p)
      if (n > 1) v <- v + k^2 * e * p * (1 - p) * (n - e) / (n - 1)
      s <- s * (1 - e / n)
    }
    add("lung", paste(if (late) "late" else "plain", kind), "all", "chi2", 0, u^2 / v)
  }
}

# Finkelstein and Wolfe 1985: months to breast retraction, seen only between two visits;
# group 0 radiotherapy, 1 radiotherapy and chemotherapy; Inf where not seen by the last visit.
cosmesis <- data.frame(
  left = c(45, 6, 0, 46, 46, 7, 17, 7, 37, 0, 4, 15, 11, 22, 46, 46, 25, 46, 26, 46, 27, 36, 46,
           36, 37, 40, 17, 46, 11, 38, 5, 37, 0, 18, 24, 36, 5, 19, 17, 24, 32, 33, 19, 37, 34, 36,
           8, 0, 24, 17, 17, 24, 16, 13, 11, 16, 18, 17, 32, 23, 44, 14, 0, 5, 12, 11, 33, 31, 13,
           19, 34, 13, 16, 35, 15, 11, 22, 10, 30, 13, 10, 8, 4, 11, 14, 4, 34, 30, 18, 16, 35, 21,
           11, 48),
  right = c(Inf, 10, 7, Inf, Inf, 16, Inf, 14, 44, 8, 11, Inf, 15, Inf, Inf, Inf, 37, Inf, 40, Inf,
            34, 44, Inf, 48, Inf, Inf, 25, Inf, 18, Inf, 12, Inf, 5, Inf, Inf, Inf, 11, 35, 25, Inf,
            Inf, Inf, 26, Inf, Inf, Inf, 12, 22, 31, 27, 23, 30, 24, Inf, 13, 20, 25, 26, Inf, Inf,
            48, 17, 5, 8, 20, Inf, 40, Inf, 39, 32, Inf, Inf, 24, Inf, 22, 17, 32, 35, 34, Inf, 17,
            21, 9, Inf, 19, 8, Inf, 36, 24, 60, 39, Inf, 20, Inf),
  group = rep(0:1, c(46, 48)))
# exact dates beside intervals: veteran with every third time known only to its month
months <- with(veteran, {
  coarse <- seq_along(time) %% 3 == 0 & status == 1
  data.frame(left = ifelse(coarse, 30 * (ceiling(time / 30) - 1), time),
             right = ifelse(status == 0, Inf, ifelse(coarse, 30 * ceiling(time / 30), time)),
             group = 0) })
write.csv(cosmesis, file.path(out_dir, "cosmesis.csv"), row.names = FALSE, quote = FALSE)
write.csv(months, file.path(out_dir, "months.csv"), row.names = FALSE, quote = FALSE)
turnbull <- list("cosmesis 0" = subset(cosmesis, group == 0),
                 "cosmesis 1" = subset(cosmesis, group == 1), months = months)
for (name in names(turnbull)) {
  d <- turnbull[[name]]
  # survfit stops once no step moves the curve by more than 5e-5
  f <- survfit(Surv(ifelse(d$left == 0, NA, d$left), ifelse(is.finite(d$right), d$right, NA),
                    type = "interval2") ~ 1)
  add(name, "survfit", 0, "survival", f$time, f$surv)
  # Efron's self-consistency on a grid of all elementary intervals and points, to convergence
  ends <- sort(unique(c(d$left, d$right)))
  cells <- rbind(data.frame(a = ends, b = ends), data.frame(a = head(ends, -1), b = ends[-1]))
  cells <- cells[is.finite(cells$a), ]
  exact <- d$left == d$right
  inside <- outer(seq_len(nrow(d)), seq_len(nrow(cells)), function(i, j)
    ifelse(exact[i], cells$a[j] == d$left[i] & cells$b[j] == d$left[i],
      ifelse(cells$a[j] == cells$b[j], cells$a[j] > d$left[i] & cells$a[j] <= d$right[i],
             cells$a[j] >= d$left[i] & cells$b[j] <= d$right[i])))
  p <- rep(1 / nrow(cells), nrow(cells))
  for (round in 1:100000) {
    new <- p * colMeans(inside / drop(inside %*% p))
    done <- max(abs(new - p)) < 1e-14
    p <- new
    if (done) break
  }
  add(name, "self-consistent", 0, "log_likelihood", 0, sum(log(inside %*% p)))
  # what the data can tell apart: the probability of each row's own interval
  add(name, "self-consistent", 0, "row", seq_len(nrow(d)), round(drop(inside %*% p), 7))
}
write.csv(do.call(rbind, rows), file.path(out_dir, "curves.csv"), row.names = FALSE, quote = FALSE)
