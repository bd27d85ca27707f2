namespace Lanyard;

/// <summary>One child that cannot be exchanged.</summary>
/// <param name="Path">Where it is, by its name in the checkpoint.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Found">What was found.</param>
public sealed record ExchangeProblem(string Path, string Expected, string Found);
