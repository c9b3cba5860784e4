"""The closed table of what a file of a fitted pipeline may hold: classes, and their parts.

Neither functions nor methods are in it, and no class that calls its parts by names from a file, or
reads files.
"""

MODULES = {
    "sklearn._loss.link": "HalfLogitLink IdentityLink Interval LogitLink LogLink MultinomialLogit",
    "sklearn._loss.loss": "AbsoluteError ExponentialLoss HalfBinomialLoss HalfGammaLoss"
    " HalfMultinomialLoss HalfPoissonLoss HalfSquaredError HalfTweedieLoss HalfTweedieLossIdentity"
    " HuberLoss PinballLoss",
    "sklearn.calibration": "CalibratedClassifierCV _CalibratedClassifier _SigmoidCalibration"
    " _TemperatureScaling",
    "sklearn.compose._column_transformer": "ColumnTransformer",
    "sklearn.compose._target": "TransformedTargetRegressor",
    "sklearn.cross_decomposition._pls": "CCA PLSCanonical PLSRegression",
    "sklearn.discriminant_analysis": "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis",
    "sklearn.dummy": "DummyClassifier DummyRegressor",
    "sklearn.ensemble._bagging": "BaggingClassifier BaggingRegressor",
    "sklearn.ensemble._forest": "ExtraTreesClassifier ExtraTreesRegressor RandomForestClassifier"
    " RandomForestRegressor",
    "sklearn.ensemble._gb": "GradientBoostingClassifier GradientBoostingRegressor",
    "sklearn.ensemble._hist_gradient_boosting.binning": "_BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting": "HistGradientBoostingClassifier"
    " HistGradientBoostingRegressor",
    "sklearn.ensemble._hist_gradient_boosting.predictor": "TreePredictor",
    "sklearn.ensemble._weight_boosting": "AdaBoostClassifier AdaBoostRegressor",
    "sklearn.gaussian_process._gpc": "GaussianProcessClassifier"
    " _BinaryGaussianProcessClassifierLaplace",
    "sklearn.gaussian_process._gpr": "GaussianProcessRegressor",
    "sklearn.gaussian_process.kernels": "ConstantKernel Product RBF",
    "sklearn.impute._base": "SimpleImputer",
    "sklearn.isotonic": "IsotonicRegression",
    "sklearn.kernel_ridge": "KernelRidge",
    "sklearn.linear_model._base": "LinearRegression",
    "sklearn.linear_model._bayes": "ARDRegression BayesianRidge",
    "sklearn.linear_model._coordinate_descent": "ElasticNet ElasticNetCV Lasso LassoCV",
    "sklearn.linear_model._glm.glm": "GammaRegressor PoissonRegressor TweedieRegressor",
    "sklearn.linear_model._huber": "HuberRegressor",
    "sklearn.linear_model._least_angle": "Lars LarsCV LassoLars LassoLarsCV LassoLarsIC",
    "sklearn.linear_model._logistic": "LogisticRegression LogisticRegressionCV",
    "sklearn.linear_model._omp": "OrthogonalMatchingPursuit OrthogonalMatchingPursuitCV",
    "sklearn.linear_model._passive_aggressive": "PassiveAggressiveRegressor",
    "sklearn.linear_model._quantile": "QuantileRegressor",
    "sklearn.linear_model._ransac": "RANSACRegressor",
    "sklearn.linear_model._ridge": "Ridge RidgeCV",
    "sklearn.linear_model._stochastic_gradient": "SGDClassifier SGDRegressor",
    "sklearn.linear_model._theil_sen": "TheilSenRegressor",
    "sklearn.multiclass": "OneVsRestClassifier",
    "sklearn.naive_bayes": "BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB",
    "sklearn.neighbors._classification": "KNeighborsClassifier RadiusNeighborsClassifier",
    "sklearn.neighbors._nearest_centroid": "NearestCentroid",
    "sklearn.neighbors._regression": "KNeighborsRegressor RadiusNeighborsRegressor",
    "sklearn.neighbors._unsupervised": "NearestNeighbors",
    "sklearn.neural_network._multilayer_perceptron": "MLPClassifier MLPRegressor",
    "sklearn.neural_network._stochastic_optimizers": "AdamOptimizer SGDOptimizer",
    "sklearn.pipeline": "Pipeline",
    "sklearn.preprocessing._data": "MinMaxScaler RobustScaler StandardScaler",
    "sklearn.preprocessing._encoders": "OneHotEncoder OrdinalEncoder",
    "sklearn.preprocessing._function_transformer": "FunctionTransformer",
    "sklearn.preprocessing._label": "LabelBinarizer LabelEncoder",
    "sklearn.semi_supervised._label_propagation": "LabelPropagation LabelSpreading",
    "sklearn.svm._classes": "LinearSVC LinearSVR NuSVC NuSVR SVC SVR",
    "sklearn.tree._classes": "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier"
    " ExtraTreeRegressor",
}
TYPES = frozenset((module, name) for module, names in MODULES.items() for name in names.split())

# Modules that older versions of scikit-learn name without their package.
RENAMED = {"_loss": "sklearn._loss._loss"}

# Losses are constructed from numbers.
LOSSES = {
    "sklearn._loss._loss": "CyAbsoluteError CyExponentialLoss CyHalfBinomialLoss CyHalfGammaLoss"
    " CyHalfMultinomialLoss CyHalfPoissonLoss CyHalfSquaredError CyHalfTweedieLoss"
    " CyHalfTweedieLossIdentity CyHuberLoss CyPinballLoss",
    "sklearn.linear_model._sgd_fast": "EpsilonInsensitive Hinge ModifiedHuber"
    " SquaredEpsilonInsensitive SquaredHinge",
}
LOSS_TYPES = frozenset((module, name) for module, names in LOSSES.items() for name in names.split())

# Search trees are built again, from their points and a metric.
SEARCH_TREES = frozenset(
    {("sklearn.neighbors._ball_tree", "BallTree"), ("sklearn.neighbors._kd_tree", "KDTree")}
)
METRICS = {
    f"{name}Distance64": name.lower()
    for name in (
        *("BrayCurtis", "Canberra", "Chebyshev", "Euclidean", "Hamming", "Manhattan"),
        "Minkowski",
    )
}

# The objects that a class may hold, in its attributes or in lists of them; others hold none.
_PAIRS = {
    "AdaBoostClassifier BaggingClassifier RandomForestClassifier": "DecisionTreeClassifier",
    "AdaBoostRegressor BaggingRegressor RandomForestRegressor": "DecisionTreeRegressor",
    "ExtraTreesClassifier": "ExtraTreeClassifier",
    "ExtraTreesRegressor": "ExtraTreeRegressor",
    "GradientBoostingClassifier": "DecisionTreeRegressor DummyClassifier ExponentialLoss"
    " HalfBinomialLoss HalfMultinomialLoss",
    "GradientBoostingRegressor": "DecisionTreeRegressor DummyRegressor AbsoluteError"
    " HalfSquaredError HuberLoss PinballLoss",
    "HistGradientBoostingClassifier": "_BinMapper TreePredictor LabelEncoder HalfBinomialLoss"
    " HalfMultinomialLoss",
    "HistGradientBoostingRegressor": "_BinMapper TreePredictor AbsoluteError HalfGammaLoss"
    " HalfPoissonLoss HalfSquaredError PinballLoss",
    "AbsoluteError": "Interval IdentityLink CyAbsoluteError",
    "ExponentialLoss": "Interval HalfLogitLink CyExponentialLoss",
    "HalfBinomialLoss": "Interval LogitLink CyHalfBinomialLoss",
    "HalfGammaLoss": "Interval LogLink CyHalfGammaLoss",
    "HalfMultinomialLoss": "Interval MultinomialLogit CyHalfMultinomialLoss",
    "HalfPoissonLoss": "Interval LogLink CyHalfPoissonLoss",
    "HalfSquaredError": "Interval IdentityLink CyHalfSquaredError",
    "HalfTweedieLoss": "Interval LogLink CyHalfTweedieLoss",
    "HalfTweedieLossIdentity": "Interval IdentityLink CyHalfTweedieLossIdentity",
    "HuberLoss": "Interval IdentityLink CyHuberLoss",
    "PinballLoss": "Interval IdentityLink CyPinballLoss",
    "GammaRegressor": "HalfGammaLoss",
    "PoissonRegressor": "HalfPoissonLoss",
    "TweedieRegressor": "HalfTweedieLoss HalfTweedieLossIdentity",
    "SGDClassifier": " ".join(LOSSES.values()),
    "DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor": "Tree",
    "CalibratedClassifierCV": "_CalibratedClassifier",
    "_CalibratedClassifier": "LinearSVC IsotonicRegression _SigmoidCalibration _TemperatureScaling",
    "GaussianProcessClassifier": "OneVsRestClassifier _BinaryGaussianProcessClassifierLaplace",
    "OneVsRestClassifier": "LabelBinarizer _BinaryGaussianProcessClassifierLaplace",
    "GaussianProcessRegressor _BinaryGaussianProcessClassifierLaplace": "Product",
    "Product": "ConstantKernel RBF",
    "KNeighborsClassifier KNeighborsRegressor NearestNeighbors": "BallTree KDTree",
    "RadiusNeighborsClassifier RadiusNeighborsRegressor": "BallTree KDTree",
    "LabelPropagation LabelSpreading": "NearestNeighbors",
    "MLPClassifier MLPRegressor": "LabelBinarizer AdamOptimizer SGDOptimizer",
    "RANSACRegressor": "LinearRegression",
    "TransformedTargetRegressor": "LinearRegression FunctionTransformer",
    "ColumnTransformer": "Pipeline OneHotEncoder OrdinalEncoder",
    "Pipeline": " ".join(name for _, name in TYPES if name != "Pipeline"),
    "": "Pipeline",
}
PARTS = {
    owner: frozenset(parts.split())
    for owners, parts in _PAIRS.items()
    for owner in owners.split(" ")
}
