using Lanyard.Groups.Protocol;

namespace Lanyard.Tests.Groups;

/// <summary>A record that is on its way to the store.</summary>
internal sealed record WalkMessage(long Number, int Rank, Vote? Vote, Decision? Decision)
{
    public override string ToString() => Vote is not null ? $"{Number}/{Rank}:{Vote.Self}{Vote.Version}" : $"{Number}:{WalkRank.Told(Decision)}";
}
