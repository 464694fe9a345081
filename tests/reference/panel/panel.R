# Panel regression with dummies, sandwich errors and the wild cluster bootstrap in base R.
# Run: Rscript panel.R OUTDIR
# Data: R's ChickWeight; chicks stand for persons, diets for countries (chicks are nested in
# diets), weeks for years. Writes data.csv and panel.csv (model, quantity, value).
out_dir <- commandArgs(trailingOnly = TRUE)[1]
d <- as.data.frame(ChickWeight)
d <- data.frame(weight = d$weight, day = d$Time, person = as.integer(as.character(d$Chick)),
                country = as.integer(d$Diet), week = d$Time %/% 7)
# A second way of clustering that cuts across persons and days.
d$pen <- (7 * d$person + d$day) %% 9
d$logweight <- log1p(d$weight)
for (t in c(10, 12, 16)) d[[paste0("d", t)]] <- as.numeric(d$day == t)
write.csv(format(d, digits = 15, trim = TRUE), file.path(out_dir, "data.csv"),
          row.names = FALSE, quote = FALSE)
events <- c("d10", "d12", "d16")
rows <- list()
add <- function(model, values)
  rows[[length(rows) + 1]] <<- data.frame(model = model, quantity = names(values),
                                          value = sprintf("%.12g", values))
meat <- function(s, g, p) {
  sums <- rowsum(s, g); G <- nrow(sums); n <- nrow(s)
  G / (G - 1) * (n - 1) / (n - p) * crossprod(sums)
}
parts <- function(fit) {
  x <- model.matrix(fit); x <- x[, !is.na(coef(fit))]
  list(x = x, bread = solve(crossprod(x)), s = x * residuals(fit), n = nrow(x), p = ncol(x))
}
all_errors <- function(model, formula, d) {
  fit <- lm(formula, d); k <- parts(fit)
  se <- function(v) sqrt(diag(k$bread %*% v %*% k$bread))[events]
  put <- function(kind, v) add(model, setNames(v, paste(kind, events, sep = "_")))
  put("coef", coef(fit)[events])
  put("classical", summary(fit)$coefficients[events, 2])
  put("HC1", se(crossprod(k$s) * k$n / (k$n - k$p)))
  one <- meat(k$s, d$person, k$p); two <- meat(k$s, d$pen, k$p)
  both <- meat(k$s, paste(d$person, d$pen), k$p)
  put("person", se(one)); put("pen", se(two)); put("twoway", se(one + two - both))
}
all_errors("country", logweight ~ d10 + d12 + d16 + factor(country) + factor(week), d)
all_errors("person", logweight ~ d10 + d12 + d16 + factor(person) + factor(week), d)
all_errors("nested", logweight ~ d10 + d12 + d16 + factor(person) + factor(country) + factor(week), d)

# Wild cluster bootstrap by brute force: all 2^8 signs, the whole regression refitted each time.
small <- d[d$person <= 8, ]
tstat <- function(y, term) {
  fit <- lm(y ~ d10 + d12 + d16 + factor(person) + factor(week), small); k <- parts(fit)
  v <- k$bread %*% meat(k$s, small$person, k$p) %*% k$bread
  coef(fit)[term] / sqrt(v[term, term])
}
brute_force <- function(term, points, persons) {
  small <<- d[d$person %in% persons, ]
  without <- paste(c(setdiff(events, term), "factor(person)", "factor(week)"), collapse = "+")
  null <- lm(as.formula(paste("logweight ~", without)), small)
  t0 <- tstat(small$logweight, term)
  g <- match(small$person, unique(small$person))
  sets <- expand.grid(rep(list(points), length(persons)))
  tb <- apply(sets, 1, function(w) tstat(fitted(null) + w[g] * residuals(null), term))
  add(paste("wild", term, length(points), sep = "_"),
      c(t = unname(t0), p = mean(abs(tb) >= abs(t0) * (1 - 1e-9)), draws = length(tb)))
}
signs <- c(-1, 1); webb <- c(-sqrt(1.5), -1, -sqrt(0.5), sqrt(0.5), 1, sqrt(1.5))
for (term in events) brute_force(term, signs, 1:8)
brute_force("d16", webb, 1:4)

# Negative binomial (NB2): Newton steps on the log likelihood, dispersion a > 0.
nb <- function(formula) {
  x <- model.matrix(formula, d); y <- d$weight; m <- ncol(x)
  b <- c(coef(glm(formula, poisson, d)), 0.1)
  ll <- function(b) sum(dnbinom(y, size = 1 / b[m + 1], mu = exp(x %*% b[1:m]), log = TRUE))
  derivs <- function(b) {
    a <- b[m + 1]; r <- 1 / a; mu <- as.vector(exp(x %*% b[1:m])); q <- 1 + a * mu
    gb <- crossprod(x, (y - mu) / q)
    f <- digamma(r) - digamma(y + r) + log(q)            # d loglik / d r = -f + ...
    ga <- sum(r^2 * f + (y - mu) / (a * q))
    hbb <- -crossprod(x, x * (mu * (1 + a * y) / q^2))
    hba <- -crossprod(x, mu * (y - mu) / q^2)
    haa <- sum(-2 * r^3 * f - r^4 * (trigamma(r) - trigamma(y + r)) + r^2 * mu / q -
               (y - mu) * (1 + 2 * a * mu) / (a * q)^2)
    list(g = c(gb, ga), h = rbind(cbind(hbb, hba), c(hba, haa)))
  }
  for (i in 1:100) {
    e <- derivs(b); step <- solve(e$h, e$g)
    h <- 1
    while (b[m + 1] - h * step[m + 1] <= 0 || ll(b - h * step) < ll(b) - 1e-8) {
      h <- h / 2; if (h < 1e-10) break
    }
    b <- b - h * step
    if (max(abs(step)) < 1e-12) break
  }
  se <- sqrt(diag(solve(-derivs(b)$h)))
  names(b) <- c(colnames(x), "a"); names(se) <- names(b)
  add("nb", c(setNames(b[events], paste0("coef_", events)),
              setNames(se[events], paste0("se_", events)), dispersion = unname(b["a"]),
              loglik = ll(b)))
}
nb(weight ~ d10 + d12 + d16 + factor(country) + factor(week))
write.csv(do.call(rbind, rows), file.path(out_dir, "panel.csv"), row.names = FALSE, quote = FALSE)
