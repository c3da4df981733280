using ArtifactPlatform.Api.Auth;

namespace ArtifactPlatform.Tests.Unit.Auth;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("administrator")]
    [InlineData("ADMINISTRATOR")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("password1234")]
    [InlineData("P@ssw0rd2024!")]
    [InlineData("123456789012")]
    [InlineData("210987654321")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcdefghijkl")]
    [InlineData("abcabcabcabc")]
    [InlineData("letmeinletmein")]
    [InlineData("qwertyuiop12")]
    [InlineData("kim.doe@example.com")]
    [InlineData("kim.doe123456")]
    [InlineData("kim.doe@example.com12")]
    [InlineData("2024Kim.Doe@example.com!")]
    [InlineData("kim.doe@example.comkim.doe@example.com")]
    public void What_guessers_try_first_is_refused(string password) => Assert.True(PasswordRules.IsCommon(password, "kim.doe@example.com"));

    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("seven quiet otters")]
    [InlineData("Xk3vQ9pLm2Zt")]
    [InlineData("kuvaj-lomek-situd")]
    [InlineData("eine lange Brücke 桥")]
    [InlineData("582904617735")]
    [InlineData("            .")]
    public void A_phrase_or_something_random_will_do_whatever_its_characters(string password) => Assert.False(PasswordRules.IsCommon(password, "kim.doe@example.com"));
}
