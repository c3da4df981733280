-- The key ring is written by Microsoft.AspNetCore.DataProtection.EntityFrameworkCore, which knows no created_at.

alter table data_protection_keys alter column created_at set default now();
