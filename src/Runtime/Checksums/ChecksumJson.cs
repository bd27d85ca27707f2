using System.Text.Json.Serialization;

namespace Lanyard.Checksums;

/// <summary>Reads and writes files of checksums without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ChecksumFile))]
internal sealed partial class ChecksumJson : JsonSerializerContext;
