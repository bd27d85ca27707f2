namespace Lanyard;

/// <summary>What a load would do on this rank.</summary>
/// <param name="Tensors">The checkpoint tensors that are read, scales among them.</param>
/// <param name="Slots">The slots to write.</param>
/// <param name="Bytes">As <see cref="LoadPlan.Bytes"/>.</param>
public sealed record LoadEstimate(int Tensors, int Slots, long Bytes);
