using System.Globalization;
using Lanyard.Groups.Protocol;

namespace Lanyard.Groups;

/// <summary>The records of one group in a store.</summary>
internal sealed class GroupRecords(IDecisionStore store, string group)
{
    /// <summary>What the group is, by whoever came first.</summary>
    public (int Size, string First) CreateGroup(int size, string first, CancellationToken cancellationToken) =>
        Read($"{group}/group", name => store.Create(name, RecordText.Of(size, first), cancellationToken), RecordText.ReadGroup);

    /// <summary>Which process was a rank first.</summary>
    public string CreateMark(int rank, string self, string process, CancellationToken cancellationToken) =>
        Read(string.Create(CultureInfo.InvariantCulture, $"{group}/rank-{rank}"), name => store.Create(name, RecordText.Of(self, process), cancellationToken), RecordText.ReadMark);

    /// <summary>The decision of a number; null where there is none.</summary>
    public Decision? FindDecision(long number, CancellationToken cancellationToken) => Find(DecisionName(number), RecordText.ReadDecision, cancellationToken);

    /// <summary>Decides, unless that was done.</summary>
    /// <returns>The decision that is there.</returns>
    public Decision CreateDecision(long number, Decision decision, CancellationToken cancellationToken) => Read(DecisionName(number), name => store.Create(name, RecordText.Of(decision), cancellationToken), RecordText.ReadDecision);

    /// <summary>The vote of a rank; null where there is none.</summary>
    public Vote? FindVote(long number, int rank, CancellationToken cancellationToken) => Find(VoteName(number, rank), RecordText.ReadVote, cancellationToken);

    /// <summary>Votes, unless a process did as this rank.</summary>
    /// <returns>The vote that is there.</returns>
    public Vote CreateVote(long number, int rank, Vote vote, CancellationToken cancellationToken) => Read(VoteName(number, rank), name => store.Create(name, RecordText.Of(vote), cancellationToken), RecordText.ReadVote);

    private string DecisionName(long number) => string.Create(CultureInfo.InvariantCulture, $"{group}/{number}/decision");

    private string VoteName(long number, int rank) => string.Create(CultureInfo.InvariantCulture, $"{group}/{number}/rank-{rank}");

    private T? Find<T>(string name, Func<string, T> read, CancellationToken cancellationToken)
        where T : class => store.Find(name, cancellationToken) is { } text ? Read(name, _ => text, read) : null;

    private T Read<T>(string name, Func<string, string> text, Func<string, T> read)
    {
        try
        {
            return read(text(name));
        }
        catch (FormatException e)
        {
            throw new DecisionStoreException($"{store}", $"what is there under {name} cannot be read: {e.Message}. Is it of another Lanyard, or of somebody else?", e);
        }
    }
}
