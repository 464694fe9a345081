# What a supplement would need, with R's survival on its own data: strata, weights, delayed
# entry and competing ends. Run: Rscript supplement.R OUTDIR
# Writes the data sets and supplement.csv (data, model, term, quantity, value).
suppressPackageStartupMessages(library(survival))
out_dir <- commandArgs(trailingOnly = TRUE)[1]
num <- function(x) sprintf("%.12g", x)
rows <- list()
add <- function(data, model, quantity, values, terms = names(values))
  rows[[length(rows) + 1]] <<- data.frame(data = data, model = model, term = terms,
                                          quantity = quantity, value = num(values))

h <- with(heart, data.frame(entry = start, time = stop, event, age = round(age, 6), year = round(year, 6),
  surgery, transplant = as.numeric(as.character(transplant)), weight = 1 + seq_along(stop) %% 3))
p <- subset(pbc, !is.na(trt))
p <- with(p, data.frame(time, event = 1 * (status == 2), end = status, age = round(age, 6), edema,
  logbili = round(log(bili), 6), stage = ifelse(is.na(stage), 0, stage), weight = 1 + seq_along(time) %% 4))
g <- with(cgd, data.frame(id, entry = tstart, time = tstop, event = status,
  rifn = 1 * (treat == "rIFN-g"), age, inherit = as.numeric(inherit), center = as.numeric(hos.cat),
  weight = (1 + seq_along(tstart) %% 5) / 2))
sets <- list(heart = h, pbc = p, cgd = g)
for (name in names(sets))
  write.csv(sets[[name]], file.path(out_dir, paste0(name, ".csv")), row.names = FALSE, quote = FALSE)

# Cox: strata, weights and both, two rules for ties
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
cox <- list(
  heart = list(data = h, f = Surv(entry, time, event) ~ age + year + transplant, by = "surgery"),
  pbc = list(data = p, f = Surv(time, event) ~ age + edema + logbili, by = "stage"),
  cgd = list(data = g, f = Surv(entry, time, event) ~ rifn + age + inherit, by = "center"))
for (name in names(cox)) for (ties in c("efron", "breslow")) {
  d <- cox[[name]]$data
  stratified <- update(cox[[name]]$f, paste(". ~ . + strata(", cox[[name]]$by, ")"))
  fits <- list(strata = coxph(stratified, d, ties = ties, control = tight),
    weights = coxph(cox[[name]]$f, d, weights = weight, robust = FALSE, ties = ties, control = tight),
    both = coxph(stratified, d, weights = weight, robust = FALSE, ties = ties, control = tight))
  for (kind in names(fits)) {
    fit <- fits[[kind]]
    model <- paste("cox", kind, ties)
    add(name, model, "estimate", coef(fit))
    add(name, model, "std_error", sqrt(diag(vcov(fit))), names(coef(fit)))
    add(name, model, "log_likelihood", fit$loglik[2], "model")
    add(name, model, "null", fit$loglik[1], "model")
    if (kind == "strata" && ties == "efron") for (g0 in c("identity", "log"))
      add(name, model, paste("zph", g0), cox.zph(fit, transform = g0)$table[, "chisq"],
          rownames(cox.zph(fit, transform = g0)$table))
  }
}

# Accelerated failure time models with weights
for (family in c("weibull", "exponential", "lognormal", "loglogistic")) {
  fit <- survreg(Surv(time, event) ~ age + edema + logbili, p, weights = weight, dist = family,
                 control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
  add("pbc", family, "estimate", coef(fit))
  add("pbc", family, "std_error", sqrt(diag(vcov(fit)))[1:4], names(coef(fit)))
  add("pbc", family, "scale", fit$scale, "model")
  add("pbc", family, "log_likelihood", fit$loglik[2], "model")
}

# Turnbull with delayed entry, where times are exact or right-censored: the product limit
fit <- survfit(Surv(entry, time, event) ~ 1, h)
at <- c(5, 10, 50, 100, 200, 400, 800)
add("heart", "product limit", "survival", summary(fit, times = at)$surv, at)
write.csv(do.call(rbind, rows), file.path(out_dir, "supplement.csv"), row.names = FALSE, quote = FALSE)
