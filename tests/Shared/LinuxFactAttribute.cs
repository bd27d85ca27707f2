namespace Lanyard.Tests;

/// <summary>A test that needs Linux; elsewhere it is skipped, for the reason given.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    /// <param name="because">What of Linux it needs.</param>
    public LinuxFactAttribute(string because) => Skip = OperatingSystem.IsLinux() ? null : because;
}
