namespace Lanyard.Lora;

/// <summary>What an <c>adapter_config.json</c> of PEFT says of an adapter.</summary>
/// <param name="Rank">The width between the two factors.</param>
/// <param name="Scale">What their product is multiplied with.</param>
/// <param name="Targets">Which modules have an adapter.</param>
internal sealed record LoraConfig(int Rank, double Scale, LoraTargets Targets);
