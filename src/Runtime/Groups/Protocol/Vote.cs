namespace Lanyard.Groups.Protocol;

/// <summary>What a rank says once all is prepared: from now on it takes either weights, as the group decides.</summary>
/// <param name="Base">The version that it has.</param>
/// <param name="Version">The version that it has prepared.</param>
/// <param name="Self">Which process it is, of all that ever were this rank.</param>
/// <param name="Process">The same for people.</param>
internal sealed record Vote(string Base, string Version, string Self, string Process);
