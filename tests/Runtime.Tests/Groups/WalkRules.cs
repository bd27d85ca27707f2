using Lanyard.Groups.Protocol;

namespace Lanyard.Tests.Groups;

/// <summary>What the walk takes from the protocol; a test overrides one thing to see that the walk finds what comes of it.</summary>
internal class WalkRules
{
    /// <summary>What the teller makes of a vote.</summary>
    public virtual RankRefit Found(RankRefit rank, Vote? vote) => rank.Found(vote);

    /// <summary>What a rank does that has no store any more.</summary>
    public virtual RankRefit EndAlone(RankRefit rank) => rank.EndAlone();

    /// <summary>What a process makes of the mark that one before it has left.</summary>
    public virtual RankJoin Marked(RankJoin join, string self) => join.Marked(self);

    /// <summary>What a process loads once it is a rank.</summary>
    public virtual string Loaded(RankJoin join) => join.Version;

    /// <summary>The decision that is there when one is created.</summary>
    public virtual Decision Decided(Decision? there, Decision created) => there ?? created;
}
