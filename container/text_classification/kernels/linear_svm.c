/* Linear support vector machines of several classes, each against the others, trained together.
 *
 * Dual coordinate descent on the squared hinge loss (Hsieh et al. 2008, A Dual Coordinate Descent
 * Method for Large-scale Linear SVM, ICML). The classes of a slice read a document together: a
 * feature's weights lie side by side, so that it costs one line of memory and not one a class.
 * linear_svm_reference.py says the same in Python.
 */

#include "kernels.h"

/* The most classes of a slice: their weights of a feature are within a line of memory. */
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
    float *lengths;          /* [documents, classes], see svm_lengths */
    int64_t documents, classes;
    int64_t stride;          /* from a feature's weights or scales to the next one's */
    float slack;             /* 1 / (2 C) */
} Slice;

/* Add to counts [features, classes] how many documents of each class have each feature. */
void count_classes(const int32_t *features, const int64_t *offsets, const int32_t *labels,
                   int64_t documents, int64_t classes, int64_t stride, float *counts)
{
    for (int64_t d = 0; d < documents; d++)
        if (labels[d] >= 0 && labels[d] < classes)
            for (int64_t i = offsets[d]; i < offsets[d + 1]; i++)
                counts[features[i] * stride + labels[d]]++;
}

/* Fill lengths with the squared length of each document in each class, slack included. */
void svm_lengths(const Slice *slice)
{
    int64_t classes = slice->classes;
    for (int64_t d = 0; d < slice->documents; d++) {
        float *lengths = slice->lengths + d * classes, length = 1 + slice->slack;
        if (!slice->scales)
            for (int64_t i = slice->offsets[d]; i < slice->offsets[d + 1]; i++)
                length += slice->values[i] * slice->values[i];
        for (int64_t c = 0; c < classes; c++)
            lengths[c] = length;
        for (int64_t i = slice->offsets[d]; slice->scales && i < slice->offsets[d + 1]; i++) {
            float square = slice->values[i] * slice->values[i];
            const float *scales = slice->scales + slice->features[i] * slice->stride;
            for (int64_t c = 0; c < classes; c++)
                lengths[c] += square * scales[c];
        }
    }
}

/* Fill scores [classes] of a document. */
ALWAYS_INLINE void read_document(const Slice *slice, int64_t document, int64_t classes,
                                 float *restrict scores)
{
    for (int64_t c = 0; c < classes; c++)
        scores[c] = slice->biases[c];
    for (int64_t i = slice->offsets[document]; i < slice->offsets[document + 1]; i++) {
        float value = slice->values[i];
        const float *restrict weights = slice->weights + slice->features[i] * slice->stride;
        for (int64_t c = 0; c < classes; c++)
            scores[c] += value * weights[c];
    }
}

/* Add steps [classes] along a document's features to the weights. */
ALWAYS_INLINE void move_weights(const Slice *slice, int64_t document, int64_t classes,
                                const float *restrict steps)
{
    for (int64_t c = 0; c < classes; c++)
        slice->biases[c] += steps[c];
    for (int64_t i = slice->offsets[document]; i < slice->offsets[document + 1]; i++) {
        float value = slice->values[i];
        int64_t row = slice->features[i] * slice->stride;
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

/* Ask for what a document that is read next needs. */
ALWAYS_INLINE void fetch(const Slice *slice, int64_t document)
{
    for (int64_t i = slice->offsets[document]; i < slice->offsets[document + 1]; i++)
        __builtin_prefetch(slice->weights + slice->features[i] * slice->stride);
    for (int64_t i = slice->offsets[document]; slice->scales && i < slice->offsets[document + 1]; i++)
        __builtin_prefetch(slice->scales + slice->features[i] * slice->stride);
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
    float scores[MOST_CLASSES], steps[MOST_CLASSES];
    int64_t moves = 0;
    for (int64_t at = 0; at < count; at++) {
        int64_t document = order[at];
        if (at + 1 < count)
            fetch(slice, order[at + 1]);
        read_document(slice, document, classes, scores);
        if (take_steps(slice->duals + document * classes, slice->labels[document], classes,
                       slice->slack, scores, slice->lengths + document * classes, steps,
                       violations)) {
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
