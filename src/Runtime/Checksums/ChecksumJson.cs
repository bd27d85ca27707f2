using System.Text.Json.Serialization;

namespace Lanyard.Checksums;

/// <summary>Reads and writes files of checksums without reflection.</summary>
// Strict: of a property that comes twice the last one would count, and a text could be null.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ChecksumFile))]
internal sealed partial class ChecksumJson : JsonSerializerContext;
