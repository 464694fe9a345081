# Survival regressions with R's survival package. Run: Rscript survival.R OUTDIR
# Writes the data sets used and survival.csv (data, model, term, quantity, value).
suppressPackageStartupMessages(library(survival))
out_dir <- commandArgs(trailingOnly = TRUE)[1]
num <- function(x) sprintf("%.12g", x)
rows <- list()
add <- function(data, model, quantity, values, terms = names(values))
  rows[[length(rows) + 1]] <<- data.frame(data = data, model = model, term = terms,
                                          quantity = quantity, value = num(values))

# Freireich et al. 1963: remission in weeks (6-MP against placebo)
freireich <- data.frame(
  time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
           1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23),
  event = c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, rep(1, 21)),
  placebo = rep(0:1, each = 21))

v <- with(veteran, data.frame(time, event = status, trt = trt - 1, karno, age,
  squamous = 1 * (celltype == "squamous"), small = 1 * (celltype == "smallcell"),
  adeno = 1 * (celltype == "adeno")))

# lung with delayed entry: the entry is a fixed function of the row, before its exit
l <- subset(lung, !is.na(ph.ecog))
l <- with(l, data.frame(time, event = status - 1, entry = (seq_along(time) %% 5) / 8 * time,
                        age, female = sex - 1, ecog = ph.ecog))

sets <- list(freireich = freireich, veteran = v, lung = l)
for (name in names(sets))
  write.csv(sets[[name]], file.path(out_dir, paste0(name, ".csv")), row.names = FALSE,
            quote = FALSE)
covariates <- list(freireich = "placebo", veteran = names(v)[-(1:2)],
                   lung = c("age", "female", "ecog"))

for (name in names(sets)) {
  d <- sets[[name]]
  f <- reformulate(covariates[[name]], "Surv(time, event)")
  for (family in c("weibull", "exponential", "lognormal", "loglogistic")) {
    m <- survreg(f, d, dist = family, control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
    add(name, family, "estimate", coef(m))
    add(name, family, "std_error", sqrt(diag(vcov(m)))[seq_along(coef(m))], names(coef(m)))
    add(name, family, "scale", m$scale, "model")
    add(name, family, "log_likelihood", m$loglik[2], "model")
    if (family != "exponential")
      add(name, family, "log_scale_std_error", sqrt(vcov(m)["Log(scale)", "Log(scale)"]), "model")
    add(name, family, "median", exp(predict(m, d[1, ], type = "uquantile", p = 0.5)), "first row")
  }
  formulas <- list(plain = f)
  if (name == "lung")
    formulas$entry <- reformulate(covariates[[name]], "Surv(entry, time, event)")
  for (kind in names(formulas)) for (ties in c("efron", "breslow")) {
    m <- coxph(formulas[[kind]], d, ties = ties, control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50))
    model <- paste("cox", kind, ties)
    add(name, model, "estimate", coef(m))
    add(name, model, "std_error", sqrt(diag(vcov(m))), names(coef(m)))
    add(name, model, "log_likelihood", m$loglik[2], "model")
    add(name, model, "null", m$loglik[1], "model")
    r <- residuals(m, "schoenfeld")
    add(name, model, "schoenfeld_last", if (is.matrix(r)) r[nrow(r), ] else r[length(r)], names(coef(m)))
    if (ties == "efron") for (g in c("km", "rank", "identity", "log")) {
      z <- cox.zph(m, transform = g)
      add(name, model, paste("zph", g), z$table[, "chisq"], rownames(z$table))
      # the definition used before survival 3.0 (Grambsch and Therneau 1994), by its formula
      s <- as.matrix(residuals(m, "schoenfeld"))
      when <- as.numeric(if (is.null(rownames(s))) names(r) else rownames(s))
      # survfit's own curve, just before each event
      k <- survfit(update(formulas[[kind]], . ~ 1), d)
      x <- switch(g, identity = when, log = log(when), rank = rank(when),
                  km = 1 - summary(k, times = when - 1e-7, extend = TRUE)$surv)
      x <- x - mean(x)
      ndead <- nrow(s)
      r2 <- s %*% vcov(m) * ndead
      old <- c((x %*% r2)^2 / (diag(vcov(m)) * ndead * sum(x^2)),
               ((x %*% s) %*% vcov(m) %*% t(x %*% s)) * ndead / sum(x^2))
      add(name, model, paste("old zph", g), old, c(names(coef(m)), "GLOBAL"))
    }
  }
}

# Delayed entry in accelerated failure time models is not in survreg: the likelihood is
# written out here and maximised by optim, with the observed information by differences.
x <- as.matrix(cbind(1, l[covariates$lung]))
x[, "age"] <- x[, "age"] / 10
families <- list(
  weibull = list(f = function(z) z - exp(z), s = function(z) -exp(z)),
  lognormal = list(f = function(z) dnorm(z, log = TRUE),
                   s = function(z) pnorm(z, lower.tail = FALSE, log.p = TRUE)),
  loglogistic = list(f = function(z) dlogis(z, log = TRUE),
                     s = function(z) plogis(z, lower.tail = FALSE, log.p = TRUE)))
for (family in names(families)) {
  g <- families[[family]]
  minus <- function(p) {
    sigma <- exp(p[1]); eta <- drop(x %*% p[-1]); late <- l$entry > 0
    z <- (log(l$time) - eta) / sigma
    z0 <- (log(l$entry[late]) - eta[late]) / sigma
    -(sum(ifelse(l$event == 1, g$f(z) - log(sigma) - log(l$time), g$s(z))) - sum(g$s(z0)))
  }
  o <- list(par = c(0, 6, 0, 0, 0))
  for (round in 1:6)
    o <- optim(o$par, minus, method = "BFGS", control = list(reltol = 1e-16, maxit = 1000))
  # polish with Newton steps on Richardson-extrapolated differences
  gradient <- function(p) sapply(seq_along(p), function(j) {
    cd <- function(h) { u <- d <- p; u[j] <- u[j] + h; d[j] <- d[j] - h
                        (minus(u) - minus(d)) / (2 * h) }
    (4 * cd(5e-4) - cd(1e-3)) / 3 })
  hessian <- function(p) { h <- sapply(seq_along(p), function(j) {
    cd <- function(s) { u <- d <- p; u[j] <- u[j] + s; d[j] <- d[j] - s
                        (gradient(u) - gradient(d)) / (2 * s) }
    (4 * cd(5e-4) - cd(1e-3)) / 3 }); (h + t(h)) / 2 }
  for (round in 1:4) o$par <- o$par - solve(hessian(o$par), gradient(o$par))
  terms <- c("log scale", "constant", covariates$lung)
  add("lung", paste("entry", family), "estimate", round(o$par, 8), terms)
  add("lung", paste("entry", family), "std_error",
      round(sqrt(diag(solve(hessian(o$par)))), 7), terms)
  add("lung", paste("entry", family), "log_likelihood", -minus(o$par), "model")
}
write.csv(do.call(rbind, rows), file.path(out_dir, "survival.csv"), row.names = FALSE, quote = FALSE)

# Every subset of six covariates, in the order of counting in binary, first covariate slowest.
terms <- c("trt", "karno", "age", "squamous", "small", "adeno")
subsets <- list()
for (model in 0:63) {
  chosen <- terms[bitwAnd(model, 2^(5:0)) > 0]
  f <- if (length(chosen)) reformulate(chosen, "Surv(time, event)") else Surv(time, event) ~ 1
  m <- survreg(f, v, control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
  k <- length(coef(m))
  subsets[[model + 1]] <- data.frame(
    model = model, term = c(names(coef(m)), "scale", "log_likelihood"),
    estimate = num(c(coef(m), m$scale, m$loglik[2])),
    std_error = c(num(sqrt(diag(vcov(m)))[1:k]), "", ""))
}
write.csv(do.call(rbind, subsets), file.path(out_dir, "subsets.csv"), row.names = FALSE,
          quote = FALSE)
