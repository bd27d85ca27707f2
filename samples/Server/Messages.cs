using System.Text.Json.Serialization;

namespace Lanyard.Server;

/// <summary>A prompt.</summary>
/// <param name="Ids">Its tokens.</param>
/// <param name="NewTokens">How many tokens to append.</param>
internal sealed record Prompt(long[] Ids, int NewTokens);

/// <summary>An answer, all of one version of the weights.</summary>
/// <param name="Ids">The prompt and what was appended.</param>
/// <param name="Generation">The generation of the weights.</param>
/// <param name="Version">What they are called.</param>
/// <param name="Restarts">How often new weights came before it was finished.</param>
internal sealed record Answer(long[] Ids, long Generation, string? Version, int Restarts);

/// <summary>What a trainer says first.</summary>
/// <param name="By">Who it is.</param>
/// <param name="Version">What the weights are called.</param>
/// <param name="BuildsOn">The version that they belong to, where not all come; null where all do.</param>
/// <param name="LeaseSeconds">After how many seconds without a word from it the refit is abandoned.</param>
internal sealed record NewRefit(string By, string Version, string? BuildsOn, double LeaseSeconds);

/// <summary>A folder with weights that the server can read.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record Weights(string Folder);

/// <summary>How far a refit is.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Tensors">How many tensors have come.</param>
/// <param name="Missing">What lacks.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="IsPrepared">Whether it can be committed at once.</param>
internal sealed record RefitState(int Number, int Tensors, string[] Missing, string[] Problems, bool IsPrepared);

/// <summary>What came of a refit.</summary>
/// <param name="Generation">The generation from now on.</param>
/// <param name="Version">What the weights are called.</param>
/// <param name="Report">The report in one line.</param>
internal sealed record Committed(long Generation, string? Version, string Report);

/// <summary>How the model is.</summary>
/// <param name="State">Its state, the worst of all modules.</param>
/// <param name="IsReady">Whether it answers.</param>
/// <param name="Generation">Its generation.</param>
/// <param name="Version">The version of its weights.</param>
/// <param name="Text">All of it in one line.</param>
internal sealed record ModelReport(string State, bool IsReady, long Generation, string? Version, string Text);

/// <summary>An adapter that stands beside the model.</summary>
/// <param name="Targets">How many products it is added to.</param>
internal sealed record Adapter(int Targets);

/// <summary>Where a checkpoint tensor lies, for a trainer in another process that writes there.</summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Regions">Address, sizes, and strides in the tensor and in memory, in elements; null where it does not lie in memory.</param>
/// <param name="Why">Why it does not.</param>
internal sealed record Place(string Tensor, string[]? Regions, string? Why);

/// <summary>Why a request was refused.</summary>
/// <param name="Why">The message.</param>
internal sealed record Refusal(string Why);

/// <summary>How messages are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Prompt))]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(NewRefit))]
[JsonSerializable(typeof(Weights))]
[JsonSerializable(typeof(RefitState))]
[JsonSerializable(typeof(Committed))]
[JsonSerializable(typeof(ModelReport))]
[JsonSerializable(typeof(Adapter))]
[JsonSerializable(typeof(Place[]))]
[JsonSerializable(typeof(Refusal))]
internal sealed partial class Messages : JsonSerializerContext;
