namespace Lanyard.Tests.Models;

/// <summary>Sizes, every one different unless a test wants otherwise.</summary>
public sealed record TinySizes(int Layers = 2, int Heads = 4, int KvHeads = 2, int HeadDim = 6, int Hidden = 10, int Experts = 3, int Intermediate = 12);
