/* The limit: the same number of luck draws, reads and writes of state, and lines of a journal as a world makes,
   and nothing else: no decision, no queue of what comes next. Usage: floor PEOPLE FIELDS REGIMES RULES EVENTS DRAWS
   READS WRITES LAW_READS. Prints processor seconds, and a sum that keeps the work from being left out. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define GOLDEN 0x9E3779B97F4A7C15ULL
#define BY_PURPOSE 0x8CB92BA72F3D8DD7ULL
#define BY_PERSON 0xABC98388FB8FAC03ULL
#define UNIT 0x1p-53
#define PURPOSES 64

static inline uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static inline double u(uint64_t key, uint64_t purpose, uint64_t occasion)
{
    return (double)(mix(mix(key + purpose * BY_PURPOSE) + occasion * GOLDEN) >> 11) * UNIT;
}

/* How many of `total` fall to one event, so that all events together have `total`. */
typedef struct { uint64_t whole, rest, over; } share;

static share shared(uint64_t total, uint64_t events)
{
    share s = { total / events, total % events, 0 };
    return s;
}

static inline uint64_t next(share *s, uint64_t events)
{
    s->over += s->rest;
    if (s->over < events)
        return s->whole;
    s->over -= events;
    return s->whole + 1;
}

typedef struct { int16_t *day; int32_t *person; int8_t *event, *state; int16_t *because, *detail; } journal;

static void *room(uint64_t count, size_t size)
{
    void *found = calloc(count + 1, size);
    if (!found) {
        fprintf(stderr, "floor: out of memory\n");
        exit(1);
    }
    return found;
}

static inline void line(journal lines, uint64_t at, int32_t person, uint64_t luck)
{
    lines.day[at] = (int16_t)(at >> 4);
    lines.person[at] = person;
    lines.event[at] = (int8_t)(luck & 31);
    lines.state[at] = (int8_t)(luck >> 5 & 7);
    lines.because[at] = (int16_t)(luck >> 8 & 15);
    lines.detail[at] = (int16_t)(luck >> 12);
}

int main(int argc, char **argv)
{
    uint64_t given[9];
    if (argc != 10)
        return 2;
    for (int i = 0; i < 9; i++)
        given[i] = strtoull(argv[i + 1], NULL, 10);
    uint64_t people = given[0], fields = given[1], regimes = given[2], rules = given[3], events = given[4];
    share draws = shared(given[5], events), reads = shared(given[6], events);
    share writes = shared(given[7], events), asked = shared(given[8], events);

    clock_t began = clock();
    int32_t *records = room(people * fields, sizeof *records);
    double *book = room(regimes * rules, sizeof *book), sum = 0;
    journal lines = { room(events, 2), room(events, 4), room(events, 1), room(events, 1), room(events, 2), room(events, 2) };
    for (uint64_t i = 0; i < events; i++) {
        uint64_t who = mix(i) % people; /* people come in no order, as from a queue of days */
        int32_t *person = records + who * fields;
        double *law = book + i * regimes / events * rules;
        uint64_t key = who * BY_PERSON, field = i % fields, rule = i % rules;
        for (uint64_t n = next(&draws, events); n; n--)
            sum += u(key, n % PURPOSES, i);
        for (uint64_t n = next(&reads, events); n; n--, field = field + 1 < fields ? field + 1 : 0)
            sum += person[field];
        for (uint64_t n = next(&asked, events); n; n--, rule = rule + 1 < rules ? rule + 1 : 0)
            sum += law[rule];
        for (uint64_t n = next(&writes, events); n; n--, field = field + 1 < fields ? field + 1 : 0)
            person[field] = (int32_t)n;
        line(lines, i, (int32_t)who, key >> 40);
    }
    double seconds = (double)(clock() - began) / CLOCKS_PER_SEC;
    printf("%.6f %.17g %d\n", seconds, sum, lines.day[events - 1] + lines.detail[events / 2]);
    return 0;
}
