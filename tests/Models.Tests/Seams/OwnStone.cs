using Lanyard.Models.Layers;

namespace Lanyard.Models.Tests.Seams;

/// <summary>A stone of the engine's.</summary>
public sealed class OwnStone() : ReplicatedLinear(2, 2);
