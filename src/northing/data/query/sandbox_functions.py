"""The functions that user SQL may call: pure ones over values; nothing that reads, waits, or tells of the server.

What is not listed here is refused, so a new engine version can add nothing by itself. Left out on purpose: casts to a
type named by a text (they can decode aggregate states), work on one row that the engine cannot interrupt, and what
tells how a path is stored (`JSONDynamicPaths`): that follows from the rows of other projects in the same part.
"""

from __future__ import annotations

_SCALAR = """
abs acos asin atan atan2 cbrt ceil ceiling cos cosh degrees e exp exp2 exp10 floor greatest hypot intDiv
intDivOrZero isFinite isInfinite isNaN ifNotFinite least ln log log1p log2 log10 max2 min2 modulo negate pi plus
minus multiply divide positiveModulo pow power radians round roundBankers roundDown sign sin sinh sqrt tan tanh
trunc truncate gcd lcm factorial roundToExp2 roundDuration roundAge widthBucket bitAnd bitOr bitXor bitNot
bitShiftLeft bitShiftRight bitTest bitCount and or not xor if multiIf equals notEquals less greater lessOrEquals
greaterOrEquals coalesce ifNull nullIf isNull isNotNull assumeNotNull toNullable isZeroOrNull toInt8 toInt16 toInt32
toInt64 toUInt8 toUInt16 toUInt32 toUInt64 toFloat32 toFloat64 toInt32OrNull toInt64OrNull toUInt32OrNull
toUInt64OrNull toFloat32OrNull toFloat64OrNull toInt32OrZero toInt64OrZero toUInt32OrZero toUInt64OrZero
toFloat32OrZero toFloat64OrZero toInt64OrDefault toFloat64OrDefault toString toFixedString toBool toUUID
toUUIDOrNull toDecimal32 toDecimal64 toDecimal64OrNull toTypeName toLowCardinality toDate toDateOrNull toDate32
toDateTime toDateTimeOrNull toDateTime64 toDateTime64OrNull parseDateTimeBestEffort parseDateTimeBestEffortOrNull
parseDateTime64BestEffort parseDateTime64BestEffortOrNull toYear toQuarter toMonth toDayOfYear toDayOfMonth
toDayOfWeek toHour toMinute toSecond toMillisecond toUnixTimestamp toUnixTimestamp64Milli fromUnixTimestamp
fromUnixTimestamp64Milli toISOYear toISOWeek toWeek toYearWeek toMonday toStartOfYear toStartOfISOYear
toStartOfQuarter toStartOfMonth toLastDayOfMonth toStartOfWeek toLastDayOfWeek toStartOfDay toStartOfHour
toStartOfMinute toStartOfSecond toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes toStartOfInterval
toYYYYMM toYYYYMMDD toYYYYMMDDhhmmss toTime toTimezone timeZoneOffset addSeconds addMinutes addHours addDays
addWeeks addMonths addQuarters addYears subtractSeconds subtractMinutes subtractHours subtractDays subtractWeeks
subtractMonths subtractQuarters subtractYears toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay
toIntervalWeek toIntervalMonth toIntervalQuarter toIntervalYear dateDiff age dateTrunc date_trunc date_diff dateAdd
dateSub dateName formatDateTime monthName now now64 today yesterday makeDate makeDateTime timeSlot length lengthUTF8
empty notEmpty lower upper lowerUTF8 upperUTF8 reverse reverseUTF8 concat concatWithSeparator substring
substringUTF8 substr mid left leftUTF8 right rightUTF8 trim trimLeft trimRight trimBoth ltrim rtrim leftPad rightPad
startsWith endsWith position positionCaseInsensitive positionUTF8 positionCaseInsensitiveUTF8 locate countSubstrings
replace replaceOne replaceAll replaceRegexpOne replaceRegexpAll like notLike ilike notILike match extract extractAll
multiSearchAny splitByChar splitByString splitByRegexp splitByWhitespace splitByNonAlpha arrayStringConcat initcap
format ascii char hex unhex base64Encode base64Decode tryBase64Decode isValidUTF8 toValidUTF8 space ngrams tokens
domain domainWithoutWWW topLevelDomain firstSignificantSubdomain protocol path pathFull queryString fragment port
extractURLParameter extractURLParameters extractURLParameterNames cutQueryString cutFragment cutWWW cutURLParameter
decodeURLComponent encodeURLComponent URLHierarchy URLPathHierarchy netloc JSONExtractString JSONExtractInt
JSONExtractUInt JSONExtractFloat JSONExtractBool JSONExtractRaw JSONExtractArrayRaw JSONExtractKeys
JSONExtractKeysAndValuesRaw JSONHas JSONLength JSONType JSONAllPaths JSONAllPathsWithTypes
isValidJSON toJSONString simpleJSONExtractString simpleJSONExtractInt simpleJSONExtractFloat simpleJSONHas
dynamicType dynamicElement variantType array range arrayConcat arrayElement has hasAll hasAny indexOf countEqual
arrayEnumerate arrayPopBack arrayPopFront arrayPushBack arrayPushFront arrayResize arraySlice arraySort
arrayReverseSort arrayUniq arrayDifference arrayDistinct arrayIntersect arrayReverse arrayFlatten arrayCompact
arrayZip arrayMap arrayFilter arrayCount arrayExists arrayAll arrayFirst arrayFirstIndex arrayLast arrayLastIndex
arrayMin arrayMax arraySum arrayAvg arrayProduct arrayCumSum arrayJoin arrayRotateLeft arrayRotateRight tuple
tupleElement map mapKeys mapValues mapContains mapFromArrays mapFilter mapApply mapAdd mapSubtract cityHash64
sipHash64 xxHash64 farmHash64 murmurHash3_64 MD5 SHA1 SHA256 halfMD5 intHash32 intHash64 rand rand64 bar transform
formatReadableSize formatReadableQuantity formatReadableTimeDelta toStartOfNanosecond IPv4NumToString
IPv4StringToNum isIPv4String isIPv6String isIPAddressInRange toIPv4 toIPv6 L1Distance L2Distance cosineDistance
geoDistance greatCircleDistance
"""
_WINDOW = """
row_number rank dense_rank percent_rank ntile lag lead lagInFrame leadInFrame first_value last_value nth_value
cume_dist
"""
_AGGREGATE = """
count sum avg min max any anyLast any_value argMin argMax uniq uniqExact uniqCombined uniqCombined64 uniqHLL12
uniqTheta median quantile quantiles quantileExact quantilesExact quantileExactInclusive quantilesExactInclusive
quantileExactExclusive quantileExactWeighted quantileTDigest quantilesTDigest quantileTiming quantilesTiming
quantileBFloat16 medianExact stddevPop stddevSamp varPop varSamp stddevPopStable stddevSampStable varPopStable
varSampStable covarPop covarSamp corr skewPop skewSamp kurtPop kurtSamp simpleLinearRegression entropy groupArray
groupUniqArray groupArraySorted groupArraySample groupArrayMovingAvg groupArrayMovingSum groupArrayInsertAt
groupBitAnd groupBitOr groupBitXor groupConcat topK topKWeighted approx_top_k sumMap minMap maxMap sumWithOverflow
sumKahan deltaSum boundingRatio histogram retention windowFunnel sequenceMatch sequenceCount sequenceNextNode
exponentialMovingAverage exponentialTimeDecayedAvg mannWhitneyUTest studentTTest welchTTest rankCorr contingency
cramersV singleValueOrNull maxIntersections
"""
_NUMERIC = """
sum avg min max median quantile quantiles quantileExact quantilesExact quantileExactInclusive
quantilesExactInclusive quantileTDigest quantilesTDigest quantileTiming stddevPop stddevSamp varPop varSamp
stddevPopStable stddevSampStable varPopStable varSampStable covarPop covarSamp corr skewPop skewSamp kurtPop
kurtSamp sumKahan sumWithOverflow histogram abs ceil ceiling exp floor intDiv ln log log2 log10 modulo negate plus
minus multiply divide pow power round sqrt sign trunc
"""
_COMBINATORS = ("If", "OrNull", "OrDefault", "Distinct", "Array")

SCALARS = {name.lower(): name for name in (_SCALAR + _WINDOW).split()}
# `arrayJoin` makes several rows of one, so a filter with it would count events twice.
_ROW_FUNCTIONS = frozenset(_SCALAR.lower().split()) - {"arrayjoin"}
_AGGREGATES = {name.lower(): name for name in _AGGREGATE.split()}
_NUMERICS = frozenset(_NUMERIC.lower().split())


def aggregate_name(name: str) -> str | None:
    """The engine's spelling of an aggregate function with up to two combinators (`sumIf`), or None."""
    lowered = name.lower()
    suffixes = ""
    for _ in range(3):
        if lowered in _AGGREGATES:
            return _AGGREGATES[lowered] + suffixes
        suffix = next((c for c in _COMBINATORS if lowered.endswith(c.lower())), None)
        if suffix is None:
            return None
        lowered, suffixes = lowered[: -len(suffix)], suffix + suffixes
    return None


def function_name(name: str) -> str | None:
    """The engine's spelling of a permitted function, or None."""
    return SCALARS.get(name.lower()) or aggregate_name(name)


def is_row_function(name: str) -> bool:
    """Whether the function makes one value of one row's values: no aggregate, no window, no `arrayJoin`."""
    return name.lower() in _ROW_FUNCTIONS


def wants_numbers(name: str) -> bool:
    """Whether the function's arguments are numbers, so that a JSON property given to it is read as one."""
    lowered = name.lower()
    for suffix in ("ifornull", "ornull", "ordefault", "if"):
        lowered = lowered.removesuffix(suffix) if lowered.removesuffix(suffix) in _NUMERICS else lowered
    return lowered in _NUMERICS
