/*
 * One direction of a telephone pair: level, noise, delay, and what a hybrid gives back of the other direction. 8 kHz, 16 bit.
 * Left out: the response of the line, nonlinearity, clocks that drift apart.
 */
#include <math.h>
#include <stdint.h>

#include <spandsp.h>

#define MOST_DELAY 8000

struct pair
{
    float gain;
    float echo;
    awgn_state_t *noise;
    int delay;
    int at;
    int16_t late[MOST_DELAY];
};

/* Levels in dB, 0 for none of it but of noise, which is in dBm0; delay in ms, less than a second. */
struct pair_rules
{
    float loss;
    float noise;
    float echo;
    int delay;
};

static inline void pair_init(struct pair *pair, const struct pair_rules *rules, int seed)
{
    pair->gain = powf(10.0f, -rules->loss / 20.0f);
    pair->echo = rules->echo > 0.0f ? powf(10.0f, -rules->echo / 20.0f) : 0.0f;
    pair->noise = rules->noise < 0.0f ? awgn_init_dbm0(NULL, seed, rules->noise) : NULL;
    pair->delay = rules->delay * 8 < MOST_DELAY ? rules->delay * 8 : MOST_DELAY - 1;
}

/* What is heard of a sample that was said at the other end, by somebody who himself says `own`. */
static inline int16_t pair_carry(struct pair *pair, int16_t said, int16_t own)
{
    float heard;
    int16_t late = said;

    if (pair->delay > 0) {
        late = pair->late[pair->at];
        pair->late[pair->at] = said;
        pair->at = (pair->at + 1) % pair->delay;
    }
    heard = late * pair->gain + own * pair->echo + (pair->noise ? awgn(pair->noise) : 0);
    return heard > 32767.0f ? 32767 : heard < -32768.0f ? -32768 : (int16_t) heard;
}
