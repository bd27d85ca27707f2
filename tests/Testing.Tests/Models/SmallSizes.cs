namespace Lanyard.Testing.Tests.Models;

/// <summary>Sizes that all differ, unless a test wants otherwise.</summary>
public sealed record SmallSizes(int Layers = 2, int Vocab = 22, int Hidden = 10, int Heads = 4, int KvHeads = 2, int HeadDim = 6, int Experts = 3, int Intermediate = 14);
