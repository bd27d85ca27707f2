using System.Collections.Immutable;
using System.Globalization;
using Lanyard.Groups.Protocol;

namespace Lanyard.Groups;

/// <summary>What is said of the refits of a group.</summary>
internal static class GroupTexts
{
    public const string Cancelled = "it was cancelled";
    private const int MaxReason = 1000;

    /// <summary>This process, for people.</summary>
    public static string Process { get; } = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC");

    /// <summary>A refit, at the beginning of a sentence.</summary>
    public static string Title(RefitGroup group, long number, string? version) => string.Create(CultureInfo.InvariantCulture, $"Refit {number} of group {group.Name}{(version is null ? "" : $" ({NameFolding.Shown(version)})")}");

    /// <summary>What was decided, where this rank cannot follow.</summary>
    public static string Left(RefitGroup group, long number, Decision decision) =>
        string.Create(CultureInfo.InvariantCulture, $"Group {group.Name} has taken {NameFolding.Shown(decision.Serves)} in refit {number}, and rank {group.Rank} could not: load it");

    /// <summary>A text as a reason that fits into a record, whatever it was: one line, and no half of a character.</summary>
    public static string Reason(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return string.Concat((line.Length > MaxReason ? line[..MaxReason] + " ..." : line).EnumerateRunes());
    }

    public static GroupRefitException Abandoned(RefitGroup group, long number, Decision decision, Exception? cause) => new(
        $"{Title(group, number, decision.Version)} was abandoned on all ranks, because of {Named(decision.Ranks)}: {NameFolding.Shown(decision.Reason)}. They keep {NameFolding.Shown(decision.Serves)}.",
        group.Name,
        number,
        decision.Ranks,
        decision.Reason,
        cause);

    public static GroupRefitException LeftBehind(RefitGroup group, long number, Decision decision, Exception? cause = null)
    {
        var reason = cause?.Message ?? "Another process has voted as this rank.";
        return new GroupRefitException($"{Left(group, number, decision)}. Until then the model runs no more. {reason}", group.Name, number, [group.Rank], reason, cause);
    }

    public static GroupRefitException Undecided(RefitGroup group, long number, Vote vote, Exception? cause) => new(
        $"{Title(group, number, vote.Version)}: rank {group.Rank} has voted and cannot reach the store, so that it does not know whether all take the new weights. It keeps both: {NameFolding.Shown(vote.Base)} is live, {NameFolding.Shown(vote.Version)} is prepared. Call Commit or RefitGroup.Settle until the store answers, and guess nothing. {cause?.Message}",
        group.Name,
        number,
        [group.Rank],
        "the store cannot be reached",
        cause)
    {
        IsUndecided = true,
    };

    private static string Named(ImmutableArray<int> ranks) => ranks.Length switch
    {
        0 => "no rank",
        1 => string.Create(CultureInfo.InvariantCulture, $"rank {ranks[0]}"),
        _ => $"ranks {string.Join(", ", ranks.Select(static rank => rank.ToString(CultureInfo.InvariantCulture)))}",
    };
}
