using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;

namespace ArtifactPlatform.Tests.Core;

public sealed class EventLogTests(Platform platform) : IClassFixture<StartedPlatform>
{
    [Fact]
    public async Task A_reader_beside_many_writers_misses_no_event()
    {
        var company = await platform.NewCompanyAsync();
        const int writers = 8, each = 40;
        var log = new EventLog(TimeProvider.System);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = 0; i < each; i++)
            {
                await using var db = platform.Database();
                await using var transaction = await db.Database.BeginTransactionAsync();
                await log.AppendAsync(db, company.CompanyId, EventTypes.ArtifactProgress, $"subject{writer}", "{}", CancellationToken.None);
                // Some commit late, some not at all: neither may leave a hole that a reader passes.
                await Task.Delay(Random.Shared.Next(5));
                if (i % 5 == 4)
                {
                    await transaction.RollbackAsync();
                }
                else
                {
                    await transaction.CommitAsync();
                }
            }
        }));

        var seen = new List<long>();
        while (true)
        {
            var finished = writing.IsCompleted;
            await using var db = platform.Database();
            var next = await EventLog.ReadAsync(db, company.CompanyId, seen.LastOrDefault(), null, [EventFilter.All], 7, TestContext.Current.CancellationToken);
            seen.AddRange(next.Select(e => e.Sequence));
            if (finished && next.Count == 0)
            {
                break;
            }
        }

        await writing;
        Assert.Equal(Enumerable.Range(1, writers * each * 4 / 5).Select(n => (long)n), seen);
    }

    [Fact]
    public async Task An_events_id_carries_its_place()
    {
        var company = await platform.NewCompanyAsync();
        await using var db = platform.Database();
        await new EventLog(TimeProvider.System).AppendAsync(db, company.CompanyId, EventTypes.ArtifactCreated, "x", "{}", TestContext.Current.CancellationToken);
        var row = (await EventLog.ReadAsync(db, company.CompanyId, 0, null, [EventFilter.All], 1, TestContext.Current.CancellationToken)).Single();

        Assert.True(EventLog.TryParseId(row.Id, out var sequence));
        Assert.Equal(row.Sequence, sequence);
        Assert.False(EventLog.TryParseId("evt_nonsense", out _));
    }

    [Fact]
    public async Task Every_table_answers_after_all_migrations()
    {
        await using var db = platform.Database();
        foreach (var entity in db.Model.GetEntityTypes())
        {
            await CountAsync(db, entity.ClrType);
        }
    }

    private static Task CountAsync(PlatformDb db, Type entity) =>
        (Task)(typeof(EventLogTests).GetMethod(nameof(ReadOneAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(entity).Invoke(null, [db])!);

    private static Task<List<T>> ReadOneAsync<T>(PlatformDb db) where T : class => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.ToListAsync(db.Set<T>().Take(1));
}
