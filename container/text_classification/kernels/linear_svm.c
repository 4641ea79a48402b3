/* Linear support vector machines of several classes, each against the others, trained together.
 *
 * Dual coordinate descent on the squared hinge loss (Hsieh et al. 2008, A Dual Coordinate Descent
 * Method for Large-scale Linear SVM, ICML). The classes of a slice read a document together: a
 * feature's weights lie side by side, so that it costs one line of memory and not one a class.
 * linear_svm_reference.py says the same in Python.
 */

#include "kernels.h"

/* The most classes of a slice: their weights of a feature are a line of memory. */
enum { MOST_CLASSES = LINE / sizeof(float) };

/* A gradient that is smaller moves nothing: it is rounding. */
static const float NOTHING = 1e-6f;

typedef struct {
    const float *values;     /* of all documents' features, one document behind the other */
    const int32_t *features; /* which features these are */
    const int64_t *offsets;  /* where each document begins, and where the last one ends */
    const int32_t *labels;   /* [documents], a class of the slice, or any other number */
    const float *scales;     /* [features, classes], by which squares are multiplied; or NULL */
    float *weights;          /* [features, classes] */
    float *biases;           /* [classes], the weights of a feature that is 1 in each document */
    float *duals;            /* [documents, classes] */
    int64_t classes;
    float slack;             /* 1 / (2 C) */
} Slice;

/* Add to scores and lengths [classes] what a document's features give. */
ALWAYS_INLINE void read_document(const Slice *slice, int64_t document, int64_t classes,
                                 float *restrict scores, float *restrict lengths)
{
    float length = 1 + slice->slack;
    for (int64_t c = 0; c < classes; c++) {
        scores[c] = slice->biases[c];
        lengths[c] = 0;
    }
    for (int64_t i = slice->offsets[document]; i < slice->offsets[document + 1]; i++) {
        float value = slice->values[i], square = value * value;
        int64_t row = slice->features[i] * classes;
        const float *restrict weights = slice->weights + row;
        for (int64_t c = 0; c < classes; c++)
            scores[c] += value * weights[c];
        if (slice->scales) {
            const float *restrict scales = slice->scales + row;
            for (int64_t c = 0; c < classes; c++)
                lengths[c] += square * scales[c];
        } else {
            length += square;
        }
    }
    for (int64_t c = 0; c < classes; c++)
        lengths[c] += length;
}

/* Add steps [classes] along a document's features to the weights. */
ALWAYS_INLINE void move_weights(const Slice *slice, int64_t document, int64_t classes,
                                const float *restrict steps)
{
    for (int64_t c = 0; c < classes; c++)
        slice->biases[c] += steps[c];
    for (int64_t i = slice->offsets[document]; i < slice->offsets[document + 1]; i++) {
        float value = slice->values[i];
        int64_t row = slice->features[i] * classes;
        float *restrict weights = slice->weights + row;
        if (slice->scales) {
            const float *restrict scales = slice->scales + row;
            for (int64_t c = 0; c < classes; c++)
                weights[c] += value * scales[c] * steps[c];
        } else {
            for (int64_t c = 0; c < classes; c++)
                weights[c] += value * steps[c];
        }
    }
}

/* Ask for the weights of a document that is read next. */
ALWAYS_INLINE void fetch(const Slice *slice, int64_t document, int64_t classes)
{
    for (int64_t i = slice->offsets[document]; i < slice->offsets[document + 1]; i++)
        __builtin_prefetch(slice->weights + slice->features[i] * classes);
}

/* Take a step in each class; return whether any is more than rounding. */
ALWAYS_INLINE int take_steps(float *restrict duals, int64_t own, int64_t classes, float slack,
                             const float *restrict scores, const float *restrict lengths,
                             float *restrict steps, float *restrict violations)
{
    int moves = 0;
    for (int64_t c = 0; c < classes; c++) {
        float sign = c == own ? 1 : -1;
        float gradient = sign * scores[c] - 1 + slack * duals[c];
        float violation = duals[c] == 0 && gradient > 0 ? 0 : fabsf(gradient);
        if (violation > violations[c])
            violations[c] = violation;
        float moved = duals[c] - gradient / lengths[c];
        moved = violation > NOTHING ? (moved > 0 ? moved : 0) : duals[c];
        steps[c] = sign * (moved - duals[c]);
        moves |= steps[c] != 0;
        duals[c] = moved;
    }
    return moves;
}

ALWAYS_INLINE int64_t pass(const Slice *slice, int64_t classes, const int32_t *order,
                           int64_t count, int32_t *moved, float *violations)
{
    float scores[MOST_CLASSES], lengths[MOST_CLASSES], steps[MOST_CLASSES];
    int64_t moves = 0;
    for (int64_t at = 0; at < count; at++) {
        int64_t document = order[at];
        if (at + 1 < count)
            fetch(slice, order[at + 1], classes);
        read_document(slice, document, classes, scores, lengths);
        if (take_steps(slice->duals + document * classes, slice->labels[document], classes,
                       slice->slack, scores, lengths, steps, violations)) {
            move_weights(slice, document, classes, steps);
            moved[moves++] = order[at];
        }
    }
    return moves;
}

/* Take a step for each document of order [count], one after the other.
 *
 * moved [count] is filled with those whose step was more than rounding; returns their number.
 * violations [classes], 0 before, get the largest gradient that there was to follow. */
EACH_PROCESSOR
int64_t svm_pass(const Slice *slice, const int32_t *order, int64_t count, int32_t *moved,
                 float *violations)
{
    /* Loops of a known length are unrolled. */
#define WITH(classes) \
    case classes: \
        return pass(slice, classes, order, count, moved, violations);
    switch (slice->classes) {
        WITH(1) WITH(2) WITH(3) WITH(4) WITH(5) WITH(6) WITH(7) WITH(8)
        WITH(9) WITH(10) WITH(11) WITH(12) WITH(13) WITH(14) WITH(15)
    default:
        return pass(slice, MOST_CLASSES, order, count, moved, violations);
    }
#undef WITH
}
