namespace Lanyard.Tests.Groups;

/// <summary>All ranks of a group, each with a thread where they do something together.</summary>
internal sealed class Members : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Member[] _members;

    public Members(int size, TimeSpan? timeout = null, string group = "engine", MemoryStore? store = null)
    {
        Store = store ?? new MemoryStore();
        _members = [.. Enumerable.Range(0, size).Select(rank => new Member(Store, rank, size, group, timeout))];
    }

    public MemoryStore Store { get; }

    public Member this[int rank] => _members[rank];

    /// <summary>Runs something in a flow of its own.</summary>
    public static Task<T> Apart<T>(Func<T> f)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Factory.StartNew(f, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What a task has come to, in time.</summary>
    public static T Of<T>(Task<T> task) => task.WaitAsync(Patience).GetAwaiter().GetResult();

    /// <summary>Has every rank do something, and gives what each threw; null of those that did not.</summary>
    public GroupRefitException?[] Run(Func<int, Member, object?> f)
    {
        var tasks = _members.Select((member, rank) => Apart<GroupRefitException?>(() =>
        {
            try
            {
                f(rank, member);
                return null;
            }
            catch (GroupRefitException e)
            {
                return e;
            }
        })).ToList();
        return [.. tasks.Select(Of)];
    }

    /// <summary>Has every rank do something that all are told the same of, and have their old weights after.</summary>
    public GroupRefitException[] Abandoned(Func<int, Member, object?> f)
    {
        var told = Run(f);
        Assert.All(told, error => Assert.NotNull(error));
        var all = told.Select(error => error!).ToArray();
        Assert.Single(all.Select(error => (error.Reason, string.Join(',', error.Ranks), error.Number, error.IsUndecided)).Distinct());
        Assert.All(all, error => Assert.Contains(error.Reason, error.Message, StringComparison.Ordinal));
        foreach (var member in _members) member.HasOld();
        return all;
    }

    public void HaveNew()
    {
        foreach (var member in _members) member.HasNew();
    }

    public void Dispose()
    {
        foreach (var member in _members) member.Dispose();
    }
}
